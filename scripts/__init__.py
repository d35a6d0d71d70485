"""Tools of the project, each run by itself; some read what others wrote."""
