"""The Kafka road: the four ports over Apache Kafka, and a broker for one machine."""
