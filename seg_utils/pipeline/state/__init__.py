"""What results there are: their folders, who holds them, what they depended on and were made with."""
