#!/bin/sh
# At the first start of an empty PostgreSQL: the application's role, which owns its database and is no superuser, and the
# one that may only copy the cluster. Their passwords are those in the addresses that the application is given.
set -eu

password_in() {
    sed -e 's|^[^:]*://[^:]*:||' -e 's|@.*$||' "$1"
}

psql --set ON_ERROR_STOP=1 --set password="$(password_in /run/secrets/database_url)" \
    --set backup="$(password_in /run/secrets/backup_database_url)" --username postgres --dbname postgres <<'SQL'
CREATE ROLE shule LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'password';
CREATE DATABASE shule OWNER shule;
REVOKE CONNECT ON DATABASE shule FROM PUBLIC;
CREATE ROLE shule_backup LOGIN REPLICATION PASSWORD :'backup';
\connect shule
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO shule;
SQL
echo "host replication shule_backup all scram-sha-256" >>"$PGDATA/pg_hba.conf"
