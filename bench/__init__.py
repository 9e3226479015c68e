"""The benchmarks of raxdash: real processes over real sockets, each bound beside what was measured."""
