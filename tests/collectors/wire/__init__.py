"""What real servers said to the collectors' calls, recorded once; every recording holds invented posts only."""
