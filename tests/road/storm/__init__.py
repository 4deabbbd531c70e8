"""A run under faults: the real road, real processes, and a seeded hand that breaks things one after another."""
