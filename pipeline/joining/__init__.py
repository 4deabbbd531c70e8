"""Whether two posts say the same in other spelling, and which are worth comparing. It decides no signal's fate."""
