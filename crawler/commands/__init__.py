"""The commands of `scrapy`: one file each."""
