// SPDX-License-Identifier: Apache-2.0
//
// What is installed, as GET /plugins tells it.

export interface Parameter {
	name: string;
	type: 'text' | 'integer' | 'bool' | 'date' | 'unit';
	/** Absent: it must be given; '': it may be left out. */
	preset?: string;
	help?: string;
	/** Of what it says to people, where it has some. */
	english?: string;
}

export interface Report {
	name: string;
	title: string;
	english?: string;
	parameters: Parameter[];
}

export interface Format {
	name: string;
	title: string;
	english?: string;
	extension: string;
}

export interface PluginList {
	plugins: { reports: (Report & { parameters?: Parameter[] })[]; formats: Format[] }[];
	refused: { file: string; reason: string }[];
}

/** The page has fields of its own for these. */
const common = new Set(['unit', 'from', 'to', 'language']);

/** All reports with the parameters that only they have. */
export function reportsOf(list: PluginList): Report[] {
	return list.plugins
		.flatMap((plugin) => plugin.reports)
		.map((report) => ({
			...report,
			parameters: (report.parameters ?? []).filter(({ name }) => !common.has(name)),
		}));
}

export function formatsOf(list: PluginList): Format[] {
	return list.plugins.flatMap((plugin) => plugin.formats);
}
