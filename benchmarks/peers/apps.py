from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "benchmarks.peers"
    label = "stock"
