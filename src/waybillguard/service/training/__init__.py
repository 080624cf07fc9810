"""Training (培训): lessons on the phone, questions, an exercise; what stays is who passed which lesson when."""
