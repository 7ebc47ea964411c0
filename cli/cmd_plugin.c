/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/commands.h"
#include "cli/table.h"
#include "cli/template.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_CHARS 32u

static const struct table_column plugin_columns[] = {
	{ "Tên", "name" },
	{ "Bản", "version" },
	{ "Cung cấp", "offers" },
	{ NULL, NULL },
};

static const struct table_column refused_columns[] = {
	{ "Tệp bị từ chối", "file" },
	{ "Lý do", "reason" },
	{ NULL, NULL },
};

/* "report half-year; format csv" */
static const char *
offers(struct cli *cli, const json_t *plugin)
{
	static const char *const lists[][2] = { { "reports", "báo cáo" },
		{ "formats", "dạng tệp" }, { "rankings", "cách xếp hạng" },
		{ "sinks", "nơi nhận nhật ký" },
		{ "extractors", "bộ đọc tệp" } };
	const char *text = "";
	json_t *item;
	size_t j;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_array_foreach(json_object_get(plugin, lists[i][0]), j,
		    item)
		{
			const char *name = json_text_at(item, "name");

			text = arena_format(cli->arena, "%s%s%s %s", text,
			    text[0] != '\0' ? "; " : "", lists[i][1],
			    name != NULL ? name : "?");
		}
	}
	return text;
}

static void
show_list(struct cli *cli, const json_t *answer)
{
	const json_t *refused = json_object_get(answer, "refused");
	json_t *rows = json_own(cli->arena, json_array());
	json_t *plugin;
	size_t i;

	json_array_foreach(json_object_get(answer, "plugins"), i, plugin)
	{
		json_t *row = json_copy(plugin);

		json_object_set_new(row, "offers",
		    json_string(offers(cli, plugin)));
		json_array_append_new(rows, row);
	}
	table_print(stdout, rows, plugin_columns);
	if (json_array_size(refused) > 0) {
		putchar('\n');
		table_print(stdout, refused, refused_columns);
	}
}

static int
list(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? cli_get(cli, "/api/v1/plugins", show_list)
	                 : cli_usage(&cmd_plugin, NULL);
}

static int
reload(struct cli *cli, int argc, char **argv)
{
	json_t *answer;

	(void)argv;
	if (argc != 0) {
		return cli_usage(&cmd_plugin, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST",
	        "/api/v1/plugins/reload", NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		show_list(cli, answer);
	}
	return CLI_OK;
}

/* --- new ------------------------------------------------------------------------ */

static bool
is_kind(const char *kind)
{
	static const char *const kinds[] = { "report", "format", "ranking",
		"sink", NULL };

	for (size_t i = 0; kinds[i] != NULL; i++) {
		if (strcmp(kinds[i], kind) == 0) {
			return true;
		}
	}
	return false;
}

/* [a-z][a-z0-9-]*: a file name, a plugin's name and, with _, a C name. */
static bool
is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return name[0] >= 'a' && name[0] <= 'z' && name[len] == '\0' &&
	       len <= NAME_MAX_CHARS;
}

static int
make(struct cli *cli, int argc, char **argv)
{
	const char *templates = getenv("HOSO_TEMPLATES");
	const char *kind = "report";
	const char *folder = NULL;
	const struct cli_option known[] = {
		{ "kind", &kind, false },
		{ "folder", &folder, false },
		{ NULL, NULL, false },
	};

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_plugin, NULL);
	}
	if (!is_name(argv[0])) {
		return cli_usage(&cmd_plugin,
		    "tên gồm chữ thường a-z, số và dấu gạch nối, bắt đầu bằng "
		    "chữ, nhiều nhất 32 ký tự");
	}
	if (!is_kind(kind)) {
		return cli_usage(&cmd_plugin,
		    "--kind là report, format, ranking hoặc sink");
	}
	if (templates == NULL) {
		templates = HOSO_DATADIR "/template";
	}
	if (folder == NULL) {
		folder = argv[0];
	}
	if (template_copy(arena_format(cli->arena, "%s/%s", templates, kind),
	        folder, argv[0], &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (!cli->json) {
		printf("Đã tạo %s/.  Tiếp theo:\n"
		       "  cd %s && make check     dịch và thử\n"
		       "  make install            chép vào thư mục phần mở "
		       "rộng của máy chủ\n"
		       "  hoso plugin reload      máy chủ đọc lại\n",
		    folder, folder);
	}
	return CLI_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "list", list },
		{ "reload", reload },
		{ "new", make },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_plugin, verbs, argc, argv);
}

const struct cli_command cmd_plugin = {
	.name = "plugin",
	.arguments = "list | reload | new TÊN --kind LOẠI",
	.help = "phần mở rộng: xem, nạp lại, viết mới",
	.details =
	    "list             phần mở rộng đang dùng và tệp bị từ chối\n"
	    "reload           máy chủ đọc lại các thư mục phần mở rộng\n"
	    "new TÊN          tạo thư mục TÊN với mã nguồn mẫu dịch và thử "
	    "được ngay\n"
	    "  --kind LOẠI    report (mặc định), format, ranking, sink\n"
	    "  --folder NƠI   thư mục khác\n\n"
	    "Ví dụ: hoso plugin new so-vang --kind report",
	.run = run,
};
