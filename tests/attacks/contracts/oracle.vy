# pragma version ==0.4.3
"""
@title Oracle: answers every question by sending the asker to a server (EIP-3668)
@license Apache-2.0
"""

LOOKUP: constant(Bytes[4]) = method_id("OffchainLookup(address,string[],bytes,bytes4,bytes)")


@view
@external
def price() -> uint256:
    urls: DynArray[String[64], 1] = ["https://oracle.example/{sender}/{data}"]
    question: Bytes[4] = b"what"
    raw_revert(
        concat(
            LOOKUP,
            abi_encode(self, urls, question, 0xa035b1fe, question),
        )
    )
