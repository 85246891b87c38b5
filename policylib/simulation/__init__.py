"""What another policy would deny of what runs today."""
