"""The workers of the Kafka road: plain functions that run until they are asked to stop."""
