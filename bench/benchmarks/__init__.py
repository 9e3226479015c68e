"""The benchmarks, each of which has a name for people (`NAME`) and is carried out by `measure`."""
