"""Ways in that are fetched over HTTP now and then, politely and only under an order."""
