"""The shared vocabulary of the house: types, ids, masking and time. No I/O, no other room imported."""
