"""What a campaign did: responses read, lift by move measured against those held out, verdicts, measured effects."""
