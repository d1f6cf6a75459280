'use strict';
// The first of the reader's languages that the book has.
const known = { en: 'en', zh: 'zh-CN' };
const wanted = navigator.languages.map(tag => known[tag.split('-')[0]]);
location.replace(`${wanted.find(Boolean) ?? 'en'}/index.html`);
