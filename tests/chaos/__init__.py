"""Whole installations at work, with parts that are killed or fail: nothing is lost, no other team notices."""
