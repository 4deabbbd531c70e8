"""What lies aside: records that could not be handled, why, and what a tuner or an administrator does about them."""
