"""What tests share: mirrors of the made-up site, misbehaving servers, databases."""
