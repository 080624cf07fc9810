"""Tracing in the console: lists of victims, exposure of a station, answers to notices from authorities."""
