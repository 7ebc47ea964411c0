// SPDX-License-Identifier: Apache-2.0

/** What two spellings of one name share: small letters without marks and blanks. */
export function fold(text: string): string {
	return text
		.normalize('NFD')
		.replace(/\p{Mn}|\s/gu, '')
		.toLowerCase()
		.replace(/\u0111/g, 'd');
}
