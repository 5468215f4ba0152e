"""Parts of the page with JavaScript of their own: the chart, the map, the slider, the player."""
