"""Networks that run on a server of the Open Inference Protocol (KServe v2), and on this machine while it cannot."""
