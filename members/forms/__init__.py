"""What is typed, checked: a module for each thing people come for."""
