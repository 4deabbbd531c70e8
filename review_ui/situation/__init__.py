"""The situation thread on the screen: for recipients in the portal, and for the experts of the signal."""
