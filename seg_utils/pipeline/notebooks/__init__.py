"""Running notebooks: with papermill, in kernels that are copies of one process, and with outputs to be stored."""
