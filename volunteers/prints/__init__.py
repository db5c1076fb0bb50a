"""What is printed: made for paper, each as a PDF."""
