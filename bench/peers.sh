# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# The other side: nginx and PostgreSQL, each set up as well as it can be.
nginx=
pg_data=
pg_bin=/usr/lib/postgresql/15/bin

# --- nginx ------------------------------------------------------------------------

# Serves $work/www.  Open files are cached, connections kept, each worker has a
# listener of its own.
start_nginx() { # workers, access_log, pinning command
	nginx_port=$BENCH_PORT
	nginx_tls_port=$((BENCH_PORT + 1))
	mkdir -p "$work/www"
	user=
	[ "$(id -u)" != 0 ] || user='user root;'
	cat >"$work/nginx.conf" <<-END
		daemon off; $user worker_processes $1;
		error_log $work/nginx.log; pid $work/nginx.pid;
		events { worker_connections 1024; }
		http {
			access_log $2; sendfile on; tcp_nopush on; tcp_nodelay on;
			default_type application/json; keepalive_requests 1000000000;
			open_file_cache max=1000 inactive=1h;
			open_file_cache_valid 1h; root $work/www;
			ssl_certificate $work/cert.pem;
			ssl_certificate_key $work/key.pem;
			ssl_protocols TLSv1.3;
			server { listen 127.0.0.1:$nginx_port reuseport; }
			server { listen 127.0.0.1:$nginx_tls_port ssl reuseport; }
		}
	END
	make_certificate
	# shellcheck disable=SC2086 # a command and its options
	$3 nginx -c "$work/nginx.conf" 2>"$work/nginx.err" &
	nginx=$!
	until curl -s -m 5 -o /dev/null "http://127.0.0.1:$nginx_port/"; do
		kill -0 "$nginx" 2>/dev/null ||
			die "nginx did not start: $(cat "$work/nginx.err")"
		sleep 0.02
	done
}

stop_nginx() {
	[ -n "$nginx" ] || return 0
	kill "$nginx" 2>/dev/null
	wait "$nginx" 2>/dev/null
	nginx=
}

make_certificate() {
	[ -s "$work/cert.pem" ] ||
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -days 30 -subj /CN=localhost -keyout "$work/key.pem" \
			-out "$work/cert.pem" 2>/dev/null ||
		die "no certificate"
}

# --- PostgreSQL -------------------------------------------------------------------

# It refuses to run as root: then as its package's own user.
as_postgres() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		"$@"
	fi
}

# A cluster of its own on a socket in $work/pg.  Nothing that is lost at a
# power cut, but checkpoints far apart, plenty of memory, no replication.
start_postgres() {
	[ -z "$pg_data" ] || return 0
	[ -x "$pg_bin/initdb" ] || die "PostgreSQL is not installed"
	mkdir -p "$work/pg"
	[ "$(id -u)" != 0 ] || chown postgres "$work/pg"
	pg_data=$work/pg/data
	(cd "$work/pg" && as_postgres "$pg_bin/initdb" -D "$pg_data" -A trust \
		-U bench --locale=C --encoding=UTF8 --no-sync) >"$work/said" 2>&1 ||
		die "initdb: $(cat "$work/said")"
	cat <<-END | as_postgres tee -a "$pg_data/postgresql.conf" >/dev/null
		listen_addresses = ''
		unix_socket_directories = '$work/pg'
		fsync = on
		synchronous_commit = on
		full_page_writes = on
		wal_level = minimal
		max_wal_senders = 0
		shared_buffers = 2GB
		work_mem = 256MB
		maintenance_work_mem = 1GB
		max_wal_size = 16GB
		checkpoint_timeout = 1h
		effective_cache_size = 8GB
		random_page_cost = 1.1
		max_connections = 120
		jit = off
	END
	(cd "$work/pg" && as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -w -t 60 \
		-l "$work/pg/log" start) >"$work/said" 2>&1 ||
		die "PostgreSQL did not start: $(cat "$work/said" "$work/pg/log")"
	PGHOST=$work/pg PGUSER=bench PGDATABASE=postgres
	PGOPTIONS='-c client_min_messages=warning'
	export PGHOST PGUSER PGDATABASE PGOPTIONS
}

stop_postgres() {
	[ -n "$pg_data" ] || return 0
	(cd "$work/pg" && as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -m immediate \
		stop) >/dev/null 2>&1
	rm -rf "$pg_data"
	pg_data=
}

# SQL from standard input.
sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}
