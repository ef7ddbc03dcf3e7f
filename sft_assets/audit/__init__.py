"""Questions that an auditor asks of the published data: what is there, where from, is it true."""
