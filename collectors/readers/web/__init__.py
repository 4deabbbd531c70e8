"""Any public site whose selectors a person wrote down."""
