"""Corporate networks: the certificates, proxies and registries that containers and builds need to be told of."""
