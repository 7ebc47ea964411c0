// SPDX-License-Identifier: Apache-2.0
//
// The page's words, as its sources have them: words.js WEB/SRC prints a line
// for whatever is wrong.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];

function files(place, endings) {
	return readdirSync(place).flatMap((name) => {
		const path = join(place, name);

		return statSync(path).isDirectory()
			? files(path, endings)
			: endings.some((ending) => name.endsWith(ending)) ? [path] : [];
	});
}

function catalogue(language) {
	return JSON.parse(readFileSync(join(folder, 'words', `${language}.json`), 'utf8'));
}

const vi = catalogue('vi');
const en = catalogue('en');
const values = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();

for (const word of new Set([...Object.keys(vi), ...Object.keys(en)])) {
	if (!vi[word] || !en[word]) {
		console.log(`${word}: not in both languages`);
	} else if (values(vi[word]) !== values(en[word])) {
		console.log(`${word}: other values in the other language`);
	}
}
const paper = catalogue('paper');

for (const [language, words] of Object.entries({ vi, en, paper })) {
	if (Object.keys(words).join() !== Object.keys(words).sort().join()) {
		console.log(`${language}.json: not in order`);
	}
}

const sources = files(folder, ['.ts', '.tsx']).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const code = sources.map((source) => source.text).join('\n');

// A code of the law or the API makes a name: say(`dossiers.${mode}`).
const made = [...code.matchAll(/say(?:Code)?\((?:`([\w.]+)\.\$\{|'([\w.-]+)',)/g)]
	.map(([, before, prefix]) => `${before ?? prefix}.`);
for (const word of Object.keys(vi)) {
	if (!code.includes(`'${word}'`) && !made.some((prefix) => word.startsWith(prefix))) {
		console.log(`${word}: nobody says it`);
	}
}
for (const word of Object.keys(paper)) {
	if (!code.includes(`sayOnPaper('${word}'`)) {
		console.log(`${word}: nobody says it on paper`);
	}
}

// Text between tags, or in an attribute that people read or hear.
const between = />[^<>{}=;()]*\p{L}{2,}[^<>{}=;()]*</gu;
const heard = /\b(?:title|placeholder|alt|label|aria-label)="[^"]*\p{L}/gu;
for (const { path, text } of sources) {
	const bare = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');

	for (const found of [...(path.endsWith('.tsx') ? bare.matchAll(between) : []), ...bare.matchAll(heard)]) {
		if (!/^>\s*(hoso|SHA-256)\s*<$/.test(found[0])) {
			console.log(`${path}: text in the code: ${found[0]}`);
		}
	}
	// Codes of the law may have a letter of the language: 'QĐ'.
	if (/[À-ỹ]/.test(bare.replace(/(['"])[A-ZĐ]{2,4}\1/g, ''))) {
		console.log(`${path}: Vietnamese in the code`);
	}
}
