"""The only code that knows both presgen and Airflow."""
