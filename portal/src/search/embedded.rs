//! The embedded engine: tantivy ranks and combines, the vocabulary and the codes say which
//! products a typed word may mean.

use std::collections::{BTreeMap, HashSet};

use tantivy::collector::TopDocs;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, Schema, SchemaBuilder, TantivyDocument, TextFieldIndexing,
    TextOptions,
};
use tantivy::{Index, IndexSettings, ReloadPolicy, Searcher, Term};
use uuid::Uuid;

use super::codes::{Codes, Gathered};
use super::rows::Rows;
use super::vocabulary::Vocabulary;
use super::words::{self, Asked, Part};
use super::{Doc, Hit, SearchError};

/// How much of BM25 an exact word is worth in each field.
const NAME: f32 = 4.0;
const BRAND: f32 = 3.0;
const CATEGORY: f32 = 2.0;
const DESCRIPTION: f32 = 0.5;

/// What the index may hold in memory while it is built; tantivy reserves no more than it needs.
const BUILD_BYTES: usize = 128 << 20;

/// A whole catalogue, searchable. Built once and never changed: a changed catalogue is a new one.
pub struct Embedded {
    /// By row: the more bought first, then by article number, which is how ties are decided.
    ids: Vec<Uuid>,
    searcher: Searcher,
    fields: Fields,
    vocabulary: Vocabulary,
    codes: Codes,
}

#[derive(Clone, Copy)]
struct Fields {
    name: Field,
    brand: Field,
    category: Field,
    description: Field,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded")
            .field("products", &self.ids.len())
            .finish_non_exhaustive()
    }
}

impl Embedded {
    /// Indexes a catalogue.
    pub fn build(docs: impl Iterator<Item = Doc>) -> Result<Self, SearchError> {
        let mut docs: Vec<Doc> = docs.collect();
        let order = |one: &Doc, other: &Doc| {
            let by_popularity = other.popularity.cmp(&one.popularity);
            by_popularity
                .then_with(|| one.sku.cmp(&other.sku))
                .then_with(|| one.id.cmp(&other.id))
        };
        docs.sort_by(order);
        let products = u32::try_from(docs.len()).map_err(|_| SearchError::TooMany(docs.len()))?;

        let (schema, fields) = Fields::schema();
        // One segment in the order of the rows, written in this thread: a product's row is its
        // document number, and equal scores come out in the order of the rows.
        let mut writer = Index::builder()
            .schema(schema)
            .settings(IndexSettings::default())
            .single_segment_index_writer::<TantivyDocument>(RamDirectory::create(), BUILD_BYTES)?;
        let mut vocabulary: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut codes = Gathered::default();
        for (row, doc) in (0..).zip(&docs) {
            writer.add_document(fields.document(doc, |word| {
                let rows = match vocabulary.get_mut(word) {
                    Some(rows) => rows,
                    None => vocabulary.entry(word.to_owned()).or_default(),
                };
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }))?;
            codes.sku(&doc.sku, row);
            for gtin in &doc.gtins {
                codes.gtin(gtin, row);
            }
        }
        let reader = writer
            .finalize()?
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            ids: docs.iter().map(|doc| doc.id).collect(),
            searcher: reader.searcher(),
            fields,
            vocabulary: Vocabulary::build(vocabulary, products),
            codes: codes.build(products),
        })
    }

    /// How many products it holds.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The products that match every word, best first; where none does, those whose code is
    /// nearly this, or that match most of the words.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let asked = Asked {
            unfinished: false,
            ..words::ask(query)
        };
        answer(self.find(&asked, limit))
    }

    /// The same while it is being typed: the last word may be only its beginning.
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<Hit> {
        answer(self.find(&words::ask(prefix), limit))
    }

    /// What a code that fits no product may have meant, nearest first: the codes it may be a slip
    /// of, then those that begin with it or contain it; failing all, a search for it as words.
    pub fn nearest(&self, typed_code: &str, limit: usize) -> Vec<Hit> {
        let code = words::ask_code(typed_code);
        let mut near = self.codes.near(&code);
        let mut ways = if code.is_empty() {
            Vec::new()
        } else {
            self.codes.read(&code)
        };
        ways.sort_by(|one, other| other.worth.total_cmp(&one.worth));
        let mut known: HashSet<u32> = near.iter().map(|(row, _)| *row).collect();
        for way in ways {
            // Less than any slip, in the order of what the match is worth.
            let score = way.worth / 1_000.0;
            let rows = (0..way.rows.max_value()).filter(|row| way.rows.contains(*row));
            near.extend(
                rows.filter(|row| known.insert(*row))
                    .map(|row| (row, score)),
            );
        }
        if near.is_empty() {
            return self.search(typed_code, limit);
        }
        self.hits(near.into_iter().take(limit))
    }

    fn find(&self, asked: &Asked, limit: usize) -> Result<Vec<Hit>, SearchError> {
        if self.ids.is_empty() || limit == 0 || asked.parts.is_empty() {
            return Ok(Vec::new());
        }
        let mut matching = Vec::with_capacity(asked.parts.len());
        for (index, part) in asked.parts.iter().enumerate() {
            let last = index + 1 == asked.parts.len();
            matching.extend(self.part(part, last && asked.unfinished)?);
        }
        let as_code = if asked.code.is_empty() {
            Vec::new()
        } else {
            self.codes.read(&asked.code)
        };
        let every = (matching.len() == asked.parts.len()).then_some(matching.len());
        let mut ways: Vec<Box<dyn Query>> = as_code.into_iter().map(boxed).collect();
        ways.extend(every.map(|every| at_least(every, &matching)));
        let hits = self.run(ways, limit)?;
        if !hits.is_empty() {
            return Ok(hits);
        }
        let hits = self.mistyped_code(asked, limit);
        if !hits.is_empty() {
            return Ok(hits);
        }
        let tried = every.unwrap_or(matching.len() + 1);
        for fewer in (1..tried).rev() {
            let hits = self.run(vec![at_least(fewer, &matching)], limit)?;
            if !hits.is_empty() {
                return Ok(hits);
            }
        }
        Ok(Vec::new())
    }

    /// Where no words match, what has a digit in it was perhaps meant as a code.
    fn mistyped_code(&self, asked: &Asked, limit: usize) -> Vec<Hit> {
        let code = match asked.parts.as_slice() {
            [part] => &part.code,
            _ => &asked.code,
        };
        if !code.chars().any(char::is_numeric) {
            return Vec::new();
        }
        self.hits(self.codes.near(code).into_iter().take(limit))
    }

    /// The products that match one part of the query, as a code or by all of its words.
    fn part(&self, part: &Part, unfinished: bool) -> Result<Option<Box<dyn Query>>, SearchError> {
        let mut ways: Vec<Box<dyn Query>> =
            self.codes.read(&part.code).into_iter().map(boxed).collect();
        let mut words = Vec::with_capacity(part.words.len());
        for (index, word) in part.words.iter().enumerate() {
            let last = index + 1 == part.words.len();
            words.extend(self.word(word, last && unfinished)?);
        }
        if words.len() == part.words.len() {
            ways.push(at_least(words.len(), &words));
        }
        Ok(any(ways))
    }

    /// The products that match one word in any way; `None` if there are none.
    fn word(&self, word: &str, unfinished: bool) -> Result<Option<Box<dyn Query>>, SearchError> {
        let readings = self.vocabulary.read(word, unfinished);
        let mut ways: Vec<Box<dyn Query>> = readings.into_iter().map(boxed).collect();
        for (field, weight) in self.fields.weighted() {
            let term = Term::from_field_text(field, word);
            if self.searcher.doc_freq(&term)? > 0 {
                let exact = TermQuery::new(term, IndexRecordOption::WithFreqs);
                ways.push(Box::new(BoostQuery::new(Box::new(exact), weight)));
            }
        }
        Ok(any(ways))
    }

    fn run(&self, ways: Vec<Box<dyn Query>>, limit: usize) -> Result<Vec<Hit>, SearchError> {
        let Some(query) = any(ways) else {
            return Ok(Vec::new());
        };
        let best = TopDocs::with_limit(limit.min(self.ids.len())).order_by_score();
        let found = self.searcher.search(&query, &best)?;
        Ok(self.hits(found.into_iter().map(|(score, at)| (at.doc_id, score))))
    }

    fn hits(&self, rows: impl Iterator<Item = (u32, f32)>) -> Vec<Hit> {
        rows.filter_map(|(row, score)| {
            let id = *self.ids.get(usize::try_from(row).ok()?)?;
            Some(Hit { id, score })
        })
        .collect()
    }
}

impl Fields {
    fn schema() -> (Schema, Self) {
        let mut schema = SchemaBuilder::default();
        // The texts are folded and split before they come here.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = TextOptions::default().set_indexing_options(indexing);
        let fields = Self {
            name: schema.add_text_field("name", text.clone()),
            brand: schema.add_text_field("brand", text.clone()),
            category: schema.add_text_field("category", text.clone()),
            description: schema.add_text_field("description", text),
        };
        (schema.build(), fields)
    }

    fn weighted(self) -> [(Field, f32); 4] {
        [
            (self.name, NAME),
            (self.brand, BRAND),
            (self.category, CATEGORY),
            (self.description, DESCRIPTION),
        ]
    }

    /// The product as tantivy takes it. Each word that names it (a description only mentions) is
    /// told to `names`.
    fn document(self, doc: &Doc, mut names: impl FnMut(&str)) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let naming = [
            (self.name, &doc.name),
            (self.brand, &doc.brand),
            (self.category, &doc.category),
        ];
        for (field, text) in naming {
            let words = words::split(text);
            words.iter().for_each(|word| names(word));
            document.add_text(field, words.join(" "));
        }
        document.add_text(self.description, words::split(&doc.description).join(" "));
        document
    }
}

/// An index in memory has nothing to fail on; should it, a buyer finds nothing and the log says why.
fn answer(found: Result<Vec<Hit>, SearchError>) -> Vec<Hit> {
    found.unwrap_or_else(|error| {
        tracing::error!(?error, "a search failed");
        Vec::new()
    })
}

fn boxed(rows: Rows) -> Box<dyn Query> {
    Box::new(rows)
}

/// Matches where any of them does; scores add up.
fn any(ways: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    match ways.len() {
        0 => None,
        1 => ways.into_iter().next(),
        _ => Some(Box::new(BooleanQuery::union(ways))),
    }
}

/// Matches where at least so many of them do; scores add up.
fn at_least(least: usize, queries: &[Box<dyn Query>]) -> Box<dyn Query> {
    let queries: Vec<Box<dyn Query>> = queries.iter().map(|query| query.box_clone()).collect();
    if least == queries.len() {
        return Box::new(BooleanQuery::intersection(queries));
    }
    Box::new(BooleanQuery::union_with_minimum_required_clauses(
        queries, least,
    ))
}
