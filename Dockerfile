# Airflow's own image without its providers: ours come from the lock, each with its hash.
FROM apache/airflow:slim-3.3.2-python3.12

USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libgl1 libegl1 libexpat1 \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o airflow -g 0 -m 2775 /opt/airflow/logs /opt/airflow/workspace /opt/airflow/output /opt/airflow/records
USER airflow

COPY --chown=airflow:0 requirements.txt /opt/airflow/requirements.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement /opt/airflow/requirements.txt

COPY --chown=airflow:0 include /opt/airflow/include
COPY --chown=airflow:0 include/presgen_airflow/local_settings.py /opt/airflow/config/airflow_local_settings.py
COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins
COPY --chown=airflow:0 examples /opt/airflow/examples

ENV PYTHONPATH=/opt/airflow/include
