# pragma version ==0.4.3
"""
@title Silent token: takes every call and answers nothing
@license Apache-2.0
"""


@external
def __default__():
    pass
