"""Commands of notices and repairs: parse, call one service function, hand to output."""
