/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The configuration: what is taken is shown as a file that is taken again and
 * means the same; each mistake is one line that names its own.
 */

#include "base/conf.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

struct sample_conf {
	uint64_t size;
	uint64_t count;
	uint64_t pause_ms;
	const char *words;
	bool on;
};

static const struct conf_option options[] = {
	CONF_BYTES(struct sample_conf, size, .preset = "1MiB", .min = 1024,
	    .max = 1LL << 46),
	CONF_INTEGER(struct sample_conf, count, .preset = "7", .max = 1000),
	CONF_MS(struct sample_conf, pause_ms, .preset = "10s", .min = 10,
	    .max = 604800000),
	CONF_WORDS(struct sample_conf, words, .help = "Some words"),
	CONF_SWITCH(struct sample_conf, on, .preset = "yes"),
	CONF_END,
};

/* Text values live as long as the program: few and short here. */
#define INPUT_MAX 4096u

static int
read_conf(struct sample_conf *conf, struct bytes text, struct buf *mistakes)
{
	const struct conf_part part = { "a", options, conf };

	*conf = (struct sample_conf){ 0 };
	conf_init(&part, 1);
	return conf_read(&part, 1, "file", text, mistakes);
}

static void
check_again(const struct sample_conf *conf)
{
	struct sample_conf copy = *conf;
	const struct conf_part part = { "a", options, &copy };
	struct sample_conf again;
	struct buf shown, mistakes;

	buf_init(&shown, 8 * INPUT_MAX);
	buf_init(&mistakes, 8 * INPUT_MAX);
	conf_show(&shown, &part, 1);
	fuzz_check(read_conf(&again, buf_bytes(&shown), &mistakes) == 0);
	fuzz_check(mistakes.len == 0);
	fuzz_check(again.size == conf->size && again.count == conf->count);
	fuzz_check(again.pause_ms == conf->pause_ms && again.on == conf->on);
	fuzz_check((again.words == NULL) == (conf->words == NULL));
	fuzz_check(
	    conf->words == NULL || strcmp(again.words, conf->words) == 0);
	buf_fini(&mistakes);
	buf_fini(&shown);
}

static void
check_setting(const uint8_t *data, size_t len)
{
	struct sample_conf conf = { 0 };
	const struct conf_part part = { "a", options, &conf };
	char text[INPUT_MAX + 1];
	struct fault fault = { .code = FAULT_NONE };

	memcpy(text, data, len);
	text[len] = '\0';
	conf_init(&part, 1);
	if (conf_set(&part, 1, text, &fault) == 0) {
		check_again(&conf);
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(fault.text[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sample_conf conf;
	struct buf mistakes;

	if (len == 0 || len > INPUT_MAX) {
		return 0;
	}
	buf_init(&mistakes, 1 << 20);
	if (read_conf(&conf, bytes_of(data, len), &mistakes) == 0) {
		fuzz_check(mistakes.len == 0);
		check_again(&conf);
	} else {
		fuzz_check(mistakes.len > 0);
		fuzz_check(mistakes.data[mistakes.len - 1] == '\n');
		fuzz_check(text_is_utf8(buf_bytes(&mistakes)));
	}
	buf_fini(&mistakes);
	check_setting(data, len);
	return 0;
}
