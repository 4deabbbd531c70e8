"""Moving and keeping: the Kafka and the embedded road, the PostgreSQL store, the outbox, retention and the trail."""
