"""Tables of a page: drawn grids, and columns of numbers where nothing is drawn."""
