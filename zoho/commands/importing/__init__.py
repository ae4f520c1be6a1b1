"""Many leads from one file: how it is read, what its columns mean, who each line is, what was refused."""
