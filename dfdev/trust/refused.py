"""What tools say when they do not trust in a server, and the line to type then. Pure."""

from __future__ import annotations

import re

CA_HINT = "dfdev ca add FILE (FILE is the certificate of the CA that your company's network or server uses)"
REFUSED = re.compile(
    r"SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|"
    r"UNABLE_TO_VERIFY_LEAF_SIGNATURE|self[- ]signed certificate|unable to get local issuer certificate|"
    r"unable to verify the first certificate|server certificate verification failed|"
    r"The certificate is NOT trusted|certificate of .* is not trusted|signed by unknown authority"
)
"""npm and node, then OpenSSL in pip and curl, git, apt, wget, Go."""
