"""What the tests of databases share: fixtures that hold everything, dumps of any size, digests, a client."""
