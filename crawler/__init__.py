"""The crawler: finds the portals' articles, fetches them politely and reads them into Articles."""
