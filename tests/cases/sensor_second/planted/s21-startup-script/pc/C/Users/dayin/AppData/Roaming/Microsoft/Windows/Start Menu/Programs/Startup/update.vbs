' the script's text was removed before this case was written
