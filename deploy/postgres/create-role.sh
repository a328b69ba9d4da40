#!/bin/sh
# At the first start of an empty PostgreSQL: the application's role, which owns its database and is no superuser.
# Its password is the one in the address that the application is given.
set -eu

password=$(sed -e 's|^[^:]*://[^:]*:||' -e 's|@.*$||' /run/secrets/database_url)
psql --set ON_ERROR_STOP=1 --set password="$password" --username postgres --dbname postgres <<'SQL'
CREATE ROLE shule LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'password';
CREATE DATABASE shule OWNER shule;
REVOKE CONNECT ON DATABASE shule FROM PUBLIC;
SQL
