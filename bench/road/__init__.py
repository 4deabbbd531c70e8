"""The Kafka road set up for measuring: a real broker, a real database, and each worker in a process of its own."""
