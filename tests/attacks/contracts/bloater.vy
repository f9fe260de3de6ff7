# pragma version ==0.4.3
"""
@title Bloater: makes any call, and a receipt too large to prove
@license Apache-2.0
"""

event Noise:
    noise: Bytes[5120]


@external
def bloat(target: address, call: Bytes[8192], is_loud: bool):
    raw_call(target, call)
    if is_loud:
        noise: uint256[160] = empty(uint256[160])
        log Noise(noise=abi_encode(noise))
