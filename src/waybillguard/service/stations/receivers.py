"""What stations do in the hourly round."""
