"""Training (培训): lessons on the phone, questions, an exercise. Only who passed which lesson when is stored."""
