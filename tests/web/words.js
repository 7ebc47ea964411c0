// SPDX-License-Identifier: Apache-2.0
//
// The page's words, as its sources have them: words.js WEB/SRC FILL prints a
// line for whatever is wrong.  FILL is web/src/words/fill.ts as a module that
// Node.js reads.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = process.argv[2];
const { fill } = await import(resolve(process.argv[3]));

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

// What is counted: {count:dossier|dossiers} in English, nothing in Vietnamese.
const forms = (text) => [...text.matchAll(/\{(\w+):[^{}]*\}/g)].map((form) => form[1]);
const rules = { vi: new Intl.PluralRules('vi'), en: new Intl.PluralRules('en') };
const counted = /(?:\{(?:all|count|favour|size|tries|waiting)\}|^\{number\}) (?:(?:changed|more) )?(?!is\b)[a-z-]+s\b/;
const many = /\b1 (?:(?:changed|more) )?(?!is\b)[a-z-]+s\b/;

for (const [language, words] of Object.entries({ vi, paper })) {
	for (const word of Object.keys(words).filter((name) => forms(words[name]).length > 0)) {
		console.log(`${language}.json: ${word}: a plural, which Vietnamese has none of`);
	}
}
for (const [word, text] of Object.entries(en)) {
	const says = (number) => fill(text, Object.fromEntries([...values(text).matchAll(/\w+/g)].map(([name]) => [name, number])), rules.en);

	if (counted.test(text)) {
		console.log(`en.json: ${word}: counted without a singular`);
	}
	if (forms(text).some((name) => !text.includes(`{${name}}`) || !['1', '2'].every((number) => says(number).includes(number)))) {
		console.log(`en.json: ${word}: counts what it does not say`);
	}
	if ((forms(text).length > 0 && many.test(says('1'))) || /[{}|]/.test(says('1') + says('2'))) {
		console.log(`en.json: ${word}: ${says('1')}`);
	}
}
const seconds = (number, language) => fill({ vi, en }[language]['length.seconds'], { number }, rules[language]);
const said = [['1', 'en'], ['0', 'en'], ['2', 'en'], ['1,415', 'en'], ['1', 'vi'], ['1.415', 'vi']].map((one) => seconds(...one)).join(', ');

if (said !== `1 second, 0 seconds, 2 seconds, 1,415 seconds, ${vi['length.seconds'].replace('{number}', '1')}, ${
	vi['length.seconds'].replace('{number}', '1.415')}`) {
	console.log(`seconds are counted as: ${said}`);
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
