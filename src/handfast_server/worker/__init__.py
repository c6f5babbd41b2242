"""The worker: plain loops over what is due. Any number of processes may run them on one database."""
